// Owns by which imports something is run as soon as a bundle is loaded, as the bundler tells it: what `import()` asks for, and what was
// left out as unused, is not.

/** The part of esbuild's metafile that says what a bundle is made of. */
export interface BundleMetafile {
	readonly inputs?: Readonly<
		Record<string, { readonly imports: readonly { readonly path: string; readonly kind: string }[] }>
	>;
	readonly outputs: Readonly<
		Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
	>;
}

/** The shortest way from a source to one that is looked for, both included; undefined where none leads there. */
export function staticImports(
	{ inputs = {}, outputs }: BundleMetafile,
	output: string,
	source: string,
	isFound: (path: string) => boolean,
): readonly string[] | undefined {
	const bundled = outputs[output]?.inputs ?? {};
	const ways: (readonly string[])[] = [[source]];
	const seen = new Set([source]);
	for (const way of ways) {
		const last = way.at(-1) ?? source;
		if (isFound(last)) {
			return way;
		}
		for (const { path, kind } of inputs[last]?.imports ?? []) {
			if (kind !== 'dynamic-import' && !seen.has(path) && bundled[path] !== undefined) {
				seen.add(path);
				ways.push([...way, path]);
			}
		}
	}
	return undefined;
}
