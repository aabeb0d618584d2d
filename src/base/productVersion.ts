// Owns the product's version at run time. The bundler puts it in from package.json, the one place where it stands.

declare const DREAMOS_VERSION: string;

/** `0.0.0` where the sources run unbundled, as in tests. */
export const productVersion: string = typeof DREAMOS_VERSION === 'string' ? DREAMOS_VERSION : '0.0.0';
