// Owns telling absolute paths from others by their text, of any system: core and drivers know no file system.

export const isAbsolutePath = (path: string): boolean => /^(?:[\\/]|[A-Za-z]:[\\/])/u.test(path);
