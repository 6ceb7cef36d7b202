/** Offsets and sizes of fields by the bytes of an address: class 32 and class 64. */
export const elfLayouts = {
  4: {
    header: 52,
    programs: { position: 28, entry: 42, count: 44 },
    sections: { position: 32, entry: 46, count: 48, names: 50 },
    program: { size: 32, flags: 24, position: 4, address: 8, length: 16 },
    section: { size: 40, address: 12, position: 16, length: 20 },
  },
  8: {
    header: 64,
    programs: { position: 32, entry: 54, count: 56 },
    sections: { position: 40, entry: 58, count: 60, names: 62 },
    program: { size: 56, flags: 4, position: 8, address: 16, length: 32 },
    section: { size: 64, address: 16, position: 24, length: 32 },
  },
} as const;
