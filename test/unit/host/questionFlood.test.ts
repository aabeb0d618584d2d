// Checks that an agent that asks without end does not fill the ledger: a person is asked as much as anybody answers, the rest is denied.

import assert from 'node:assert/strict';
import { answerQuestion } from '../../../src/core/question/decideQuestion.ts';
import { scriptedAgent } from '../../support/driverJobs.ts';
import type { Script, Step } from '../../support/scriptedAcpScript.ts';
import { scriptVariable } from '../../support/scriptedAcpScript.ts';
import { buildAgent } from '../../support/swarmBuilders.ts';
import { useTemporaryFolders } from '../../support/temporaryFolder.ts';
import { TemporarySwarm, person } from '../../support/temporarySwarm.ts';

describe('an agent that floods a person with questions', () => {
	const folders = useTemporaryFolders();
	let swarm: TemporarySwarm;
	afterEach(() => swarm.dispose());

	it('is denied what is more than anybody answers, and goes on', async () => {
		const question: Step = { do: 'ask', title: 'npm test', kind: 'execute', isQuiet: true };
		const script: Script = {
			turn: [
				{ do: 'together', steps: Array.from({ length: 130 }, () => question) },
				{ do: 'write', path: 'a.txt', content: 'asked enough\n' },
			],
		};
		const agent = buildAgent('Agent-1', {
			driver: 'acp',
			command: [...scriptedAgent],
			env: { [scriptVariable]: JSON.stringify(script) },
		});
		const rules = 'rules:\n  - decision: ask\n    kind: execute\n';
		swarm = await TemporarySwarm.create(
			folders.make(),
			{ 'a.txt': 'a\n', '.dreamos/policies.yaml': rules },
			{ agents: [agent] },
		);
		await swarm.add('A', [], { params: {} });
		await swarm.tell(true);
		await swarm.lead();
		const log = async () => swarm.shown((await swarm.runs('A'))[0]?.log_file ?? 'none') ?? '';
		const refused = /Rejected: npm test \(100 questions of this run wait for a person already\)/gu;
		await swarm.until(async () => ((await log()).match(refused) ?? []).length === 30, '30 are denied');
		const open = await swarm.ledger.read((reader) => reader.questions({ state: 'open' }));
		assert.equal(open.length, 100);
		await swarm.ledger.write(person, async (transaction) => {
			for (const { question_id: id } of open) {
				await answerQuestion(transaction, id, { answer: 'deny', isRemembered: false });
			}
		});
		await swarm.statusIs('A', 'COMPLETED');
		assert.equal(swarm.shown('a.txt'), 'asked enough\n');
		assert.equal((await swarm.events('A')).filter(({ type }) => type === 'question.asked').length, 100);
	});
});
