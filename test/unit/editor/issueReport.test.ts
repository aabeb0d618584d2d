// Owns the proof that a report of a fault holds what helps, and nothing private from any of its parts.

import { strict as assert } from 'node:assert';
import { buildIssueReport } from '../../../src/editor/issueReport.ts';

describe('buildIssueReport', () => {
	const report = buildIssueReport({
		facts: { 'Dream.OS': '0.1.0', Editor: 'Code on annas-laptop' },
		settings: {
			'dreamos.worktrees.folder': '/home/anna/trees',
			'dreamos.worktrees.setup': 'NPM_TOKEN=hunter2 npm ci',
		},
		log: ['task.claim was refused in /home/anna/project', '``` closes nothing', 'password=hunter2'],
		names: { folders: { '/home/anna': '~', '/home/anna/project': '<workspace>' }, words: ['anna', 'annas-laptop'] },
	});

	it('tells versions, settings and the log', () => {
		assert.match(report, /- Dream\.OS: 0\.1\.0/u);
		assert.match(report, /`dreamos\.worktrees\.folder`: `"~\/trees"`/u);
		assert.match(report, /task\.claim was refused in <workspace>/u);
	});

	it('holds no name and no key, and its log cannot end its frame', () => {
		assert.doesNotMatch(report, /anna|hunter2/u);
		assert.equal(report.match(/```/gu)?.length, 2);
	});
});
