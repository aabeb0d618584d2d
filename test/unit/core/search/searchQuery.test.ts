// Checks how what a person types becomes a query, and that nothing they can type is an error.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { explainMatch, matchDocument } from '../../../../src/core/search/matchDocument.ts';
import { documentOf } from '../../../../src/core/search/searchDocument.ts';
import { readTime } from '../../../../src/core/search/searchFilters.ts';
import { parseSearch } from '../../../../src/core/search/searchQuery.ts';
import { fold, wordsOf } from '../../../../src/core/search/searchWords.ts';
import { newTask } from '../../../../src/core/task/task.ts';
import { searchTexts } from '../../../support/searchTexts.ts';

const now = Date.parse('2026-05-10T12:00:00Z');
const termsOf = (text: string) =>
	parseSearch(text, now).terms.map(
		({ words, isPrefix, isExcluded }) => `${isExcluded ? '-' : ''}${words.join(' ')}${isPrefix ? '*' : ''}`,
	);
const filtersOf = (text: string) =>
	parseSearch(text, now).filters.map(
		({ key, values, isExcluded }) => `${isExcluded ? '-' : ''}${key}=${values.join('|')}`,
	);

describe('parseSearch', () => {
	it('reads words; the last one may go on until a space ends it', () => {
		assert.deepEqual(termsOf('Parser FAILS'), ['parser', 'fails*']);
		assert.deepEqual(termsOf('parser '), ['parser']);
		assert.deepEqual(termsOf('pars* fails '), ['pars*', 'fails']);
		assert.deepEqual(termsOf('BOOT-001'), ['boot 001*']);
	});

	it('reads phrases, also one that is not closed yet', () => {
		assert.deepEqual(termsOf('"line and column" x '), ['line and column', 'x']);
		assert.deepEqual(termsOf('"line and col'), ['line and col*']);
		assert.deepEqual(termsOf('"line and column"'), ['line and column']);
	});

	it('reads what must not be there', () => {
		assert.deepEqual(termsOf('parser -slow -"very old"'), ['parser', '-slow', '-very old']);
	});

	it('folds case and accents, and cuts scripts without spaces into characters', () => {
		assert.deepEqual(termsOf('ÜBER Ångström '), ['uber', 'angstrom']);
		assert.deepEqual(termsOf('任务 '), ['任 务']);
		assert.equal(fold('ΟΔΟΣ'), fold('οδοσ'));
	});

	it('reads filters, several values, cut-short ones, and those that must not hold', () => {
		assert.deepEqual(filtersOf('status:blocked,failed board:ready'), [
			'status=BLOCKED|FAILED',
			'board=task_ready_queue',
		]);
		assert.deepEqual(filtersOf('status:in-p -priority:low'), ['status=IN_PROGRESS', '-priority=LOW']);
		assert.deepEqual(filtersOf('tag:"two words" agent:Agent-3 type:Bug'), [
			'tag=two words',
			'agent=agent-3',
			'type=bug',
		]);
		assert.deepEqual(filtersOf('board:completed board:task_b'), ['board=completed_tasks', 'board=task_backlog']);
	});

	it('leaves a filter that is only begun, and looks for the words of one that says nothing it knows', () => {
		assert.deepEqual([filtersOf('status: '), termsOf('status: ')], [[], []]);
		assert.deepEqual([filtersOf('status:what '), termsOf('status:what ')], [[], ['status what']]);
		assert.match(parseSearch('status:what', now).notes.join(), /"what" is no status; .* One of PENDING, READY/u);
		assert.match(parseSearch('since:soon', now).notes.join(), /"soon" is no time/u);
		assert.deepEqual(parseSearch('status:blo since:7d tag:x http://a.b', now).notes, []);
		assert.deepEqual(termsOf('http://host/x '), ['http host x']);
		assert.deepEqual(termsOf('since:soon '), ['since soon']);
	});

	it('reads times as ages, dates and moments', () => {
		assert.equal(parseSearch('since:7d', now).since, now - 7 * 86_400_000);
		assert.equal(parseSearch('until:2h', now).until, now - 2 * 3_600_000);
		assert.equal(readTime('2026-05-01T10:00Z', now, 'since'), Date.parse('2026-05-01T10:00:00Z'));
		const [from, to] = [readTime('2026-05-01', now, 'since'), readTime('2026-05-01', now, 'until')];
		assert.equal(Number(to) - Number(from), 86_400_000 - 1);
		for (const typed of ['', '2026-13-01', '7', 'yesterday', '2026', '99999999d']) {
			assert.equal(readTime(typed, now, 'since'), undefined, typed);
		}
	});

	it('takes every text, and every text matches or does not', () => {
		fc.assert(
			fc.property(searchTexts, searchTexts, (typed, said) => {
				const query = parseSearch(typed, now);
				const task = newTask({ task_id: 'T-1', name: said, description: said });
				const document = documentOf({ task, record: { extra: said }, board: 'task_backlog' }, []);
				if (matchDocument(document, query) !== undefined) {
					const { snippet } = explainMatch(document, query);
					assert.ok(snippet.length <= 400 && !snippet.includes('\n') && !snippet.includes('\u001B'));
				}
			}),
		);
	});

	it('finds every word of a text by itself, wherever it stands', () => {
		fc.assert(
			fc.property(searchTexts, (said) => {
				const task = newTask({ task_id: 'T-1', name: 'n', notes: said });
				const document = documentOf({ task, record: {}, board: 'task_backlog' }, []);
				for (const { start, end } of wordsOf(said)) {
					const query = parseSearch(`"${said.slice(start, end)}"`, now);
					assert.notEqual(matchDocument(document, query), undefined, said.slice(start, end));
				}
			}),
		);
	});
});

describe('explainMatch', () => {
	const record = { task_id: 'T-1', status: 'READY', mood: { now: 'keen on parsing' } };
	const task = newTask({
		task_id: 'BOOT-001',
		name: 'Boot the parser',
		description: `${'Long before. '.repeat(40)}The needle is here, with a hay stack after it.${' Long after.'.repeat(40)}`,
		tags: ['slow'],
	});
	const history = [{ at: '2026-05-01T00:00:00.000Z', message: 'blocked (which database?)' }];
	const document = documentOf({ task, record, board: 'task_backlog' }, history);
	const explain = (text: string) => explainMatch(document, parseSearch(text, now));

	it('names the field and shows the words with what stands around them', () => {
		const { where, snippet } = explain('needle');
		assert.equal(where, 'description');
		assert.match(snippet, /^….{10,60}The needle is here, with a hay stack after it\..+…$/u);
		assert.deepEqual(explain('slow'), { where: 'tags', snippet: 'slow' });
		assert.deepEqual(explain('keen'), { where: 'mood.now', snippet: 'keen on parsing' });
		assert.deepEqual(explain('database'), { where: 'history', snippet: history[0]?.message, at: history[0]?.at });
	});

	it('takes the field with most of the words', () => {
		assert.equal(explain('parser needle hay').where, 'description');
	});

	it('finds an id by any part of it', () => {
		for (const part of ['boot-001', 'OOT-0', '001', 'boot']) {
			assert.equal(matchDocument(document, parseSearch(part, now)), 0, part);
		}
		assert.equal(explain('oot-0').where, 'id');
	});

	it('makes what it shows harmless', () => {
		const evil = newTask({ task_id: 'E', name: 'n', notes: 'red \u001B[31m needle \u202E\n$(zap)' });
		const shown = explainMatch(
			documentOf({ task: evil, record: {}, board: 'task_backlog' }, []),
			parseSearch('needle', now),
		);
		assert.equal(shown.snippet, 'red needle � $(zap)');
	});
});
