// Makes a `gh` that stands for GitHub's command line in tests: it writes down how it was called, and fails when it is told to.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface FakeGh {
	/** The person's PATH, with this `gh` before all others. */
	readonly path: string;
	/** Calls other than for the version, oldest first; each argument in its own line of a block. */
	calls(): readonly (readonly string[])[];
	/** What it says, with exit code 1, from now on. */
	failWith(words: string): void;
	dispose(): void;
}

const script = `#!/bin/sh
folder="$(dirname "$0")"
if test "$1" = --version; then
	echo 'gh version 2.80.0 (2025-09-23)'
	exit 0
fi
printf '%s\\n' "$@" '' >> "$folder/calls"
if test -e "$folder/failure"; then
	cat "$folder/failure" >&2
	exit 1
fi
echo https://github.invalid/ann/demo/pull/1
`;

export function makeFakeGh(): FakeGh {
	const folder = mkdtempSync(join(tmpdir(), 'dreamos-gh-'));
	writeFileSync(join(folder, 'gh'), script);
	chmodSync(join(folder, 'gh'), 0o755);
	writeFileSync(join(folder, 'calls'), '');
	return {
		path: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
		calls: () =>
			readFileSync(join(folder, 'calls'), 'utf8')
				.split('\n\n')
				.filter(Boolean)
				.map((block) => block.split('\n')),
		failWith: (words) => writeFileSync(join(folder, 'failure'), `${words}\n`),
		dispose: () => rmSync(folder, { recursive: true, force: true }),
	};
}
