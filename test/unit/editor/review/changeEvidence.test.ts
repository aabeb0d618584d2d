// Checks what is said beside a change: modes and links, which no comparison of texts shows, and how checks ended.

import { strict as assert } from 'node:assert';
import type { ChangedFile } from '../../../../src/core/ports.ts';
import { changeEvidence } from '../../../../src/editor/review/changeEvidence.ts';
import { buildRun } from '../../../support/swarmBuilders.ts';

const changed = (path: string, previousMode: string, mode: string): ChangedFile => ({
	path,
	kind: previousMode === '' ? 'created' : mode === '' ? 'deleted' : 'edited',
	isBinary: false,
	previousMode,
	mode,
});

describe('the evidence beside a change', () => {
	it('says what became a program or a link, and what ceased to be one', () => {
		const lines = changeEvidence(buildRun('run-1'), [
			changed('plain.txt', '100644', '100644'),
			changed('tool.sh', '100644', '100755'),
			changed('new.sh', '', '100755'),
			changed('new.txt', '', '100644'),
			changed('old.sh', '100755', '100644'),
			changed('gone.sh', '100755', ''),
			changed('link', '', '120000'),
			changed('real', '120000', '100644'),
		]);
		assert.deepEqual(lines, [
			'tool.sh can be run as a program now',
			'new.sh can be run as a program now',
			'old.sh can no longer be run as a program',
			'link is a symbolic link now; its text is where it points to',
			'real was a symbolic link and is a file now',
		]);
	});

	it('says how each check ended, and is silent without any', () => {
		const gate = {
			command: 'npm test',
			ending: 'exited',
			exit_code: 1,
			duration_ms: 12,
			output: 'one failed\n',
		} as const;
		assert.deepEqual(changeEvidence(buildRun('run-1', { gates: [gate] }), []), [
			'FAILED (exited, exit code 1) after 12 ms: npm test',
			'one failed',
		]);
		assert.deepEqual(changeEvidence(buildRun('run-1'), []), []);
	});
});
