// Checks that ids are readable and do not meet, and that a pattern which would make them meet is refused with the reason.

import assert from 'node:assert/strict';
import { readSettings } from '../../../../src/core/settings.ts';
import { defaultIdPattern, idPatternProblem, newTaskId } from '../../../../src/core/task/taskId.ts';

const at = '2026-11-25T10:00:00.000Z';

describe('ids of tasks', () => {
	it('are short, sayable, and never the same', () => {
		assert.equal(idPatternProblem(defaultIdPattern), undefined);
		const ids = new Set(Array.from({ length: 10_000 }, () => newTaskId(defaultIdPattern, 'x', at)));
		assert.equal(ids.size, 10_000);
		assert.match([...ids][0] ?? '', /^TASK-[0-9a-z]{8}$/u);
	});

	it('carry the name and the day where the pattern asks for them', () => {
		const pattern = '{date}-{slug}-{random:6}';
		assert.equal(idPatternProblem(pattern), undefined);
		assert.match(newTaskId(pattern, 'Write the Parser (v2)!', at), /^20261125-write-the-parser-v2-[0-9a-z]{6}$/u);
		assert.match(newTaskId(pattern, 'Größe ändern', at), /^20261125-gro-e-andern-[0-9a-z]{6}$/u);
		assert.match(newTaskId('{slug}-{random}', '日本語', at), /^[0-9a-z]{8}$/u);
		assert.ok(newTaskId('{slug}-{random}', 'word '.repeat(100), at).length <= 50);
	});

	it('come from no pattern that lets two clones make the same one', () => {
		const wrong: Readonly<Record<string, RegExp>> = {
			'TASK-{slug}': /at least 6 random characters/u,
			'TASK-{random:5}': /at least 6 random characters/u,
			'TASK-{counter}-{random}': /there is no \{counter\}/u,
			'TASK {random}': /letters, digits, dots/u,
			'../{random}': /letters, digits, dots/u,
			'{random:99}{random:9}': /longer than 100/u,
			'': /at least 6/u,
		};
		for (const [pattern, message] of Object.entries(wrong)) {
			assert.match(idPatternProblem(pattern) ?? '', message, pattern);
		}
		const { settings, problems } = readSettings([{ 'tasks.idPattern': 'T-{slug}' }]);
		assert.equal(settings['tasks.idPattern'], defaultIdPattern);
		assert.match(problems[0]?.message ?? '', /dreamos\.tasks\.idPattern .*random characters.*TASK-\{random\}/u);
	});
});
