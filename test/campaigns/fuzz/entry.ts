export { fuzz } from "./fuzz.ts";
export { seeds } from "./seeds.ts";
export { targets } from "./targets.ts";
