/** Text files that the bundle carries. */
declare module "*.yml" {
  const text: string;
  export default text;
}
declare module "*.mod" {
  const text: string;
  export default text;
}
declare module "*.sum" {
  const text: string;
  export default text;
}
declare module "*.sh" {
  const text: string;
  export default text;
}
declare module "*.ps1" {
  const text: string;
  export default text;
}
declare module "*.go" {
  const text: string;
  export default text;
}
declare module "*.yaml" {
  const text: string;
  export default text;
}
