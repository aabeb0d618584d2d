// Entry of the tests that run inside the extension host: hands the bundled test files beside it to mocha.
// Decides nothing about which editor it runs in.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Called by the editor; rejects when a test failed, which the editor turns into its exit code. */
export async function run(): Promise<void> {
	// Not bundled: mocha loads its reporters and our files by path.
	const { default: Mocha } = await import('mocha');
	const mocha = new Mocha({
		ui: 'bdd',
		timeout: 30_000,
		color: process.env['DREAMOS_TEST_COLOR'] === 'yes',
		forbidOnly: true,
		// Without the runner (F5 in the editor) mocha's own reporter prints to the debug console.
		reporter: process.env['DREAMOS_TEST_REPORTER'] ?? 'spec',
	});
	const names = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
	const files = names.filter((name) => name.endsWith('.test.cjs')).toSorted();
	if (files.length === 0) {
		throw new Error(`There are no tests in ${import.meta.dirname}.`);
	}
	files.forEach((name) => mocha.addFile(join(import.meta.dirname, name)));
	await mocha.loadFilesAsync();
	const failures = await new Promise<number>((resolve) => void mocha.run(resolve));
	if (failures > 0) {
		throw new Error(`${failures} of the tests in the extension host failed.`);
	}
}
