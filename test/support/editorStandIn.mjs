// Owns what the module `vscode` is in plain Node: the words it shows, in English, and nothing else. A unit test of code that needs
// more of the editor belongs into test/integration.
import { registerHooks } from 'node:module';

const standIn = new URL('editorWords.mjs', import.meta.url).href;

registerHooks({
	resolve: (specifier, context, next) =>
		specifier === 'vscode' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
