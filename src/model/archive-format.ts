import * as z from "zod/mini";

export const ArchiveFormatName = z.enum(["tar.gz", "zip", "tar.zst", "gz", "none"]);
export type ArchiveFormatName = z.infer<typeof ArchiveFormatName>;
