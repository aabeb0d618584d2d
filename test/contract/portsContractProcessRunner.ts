// Owns what every ProcessRunner must do. Programs are the system's own and Node; each carries a word of its test in its
// command line, so that "nothing is left" is read from the system.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomText } from '../../src/base/ids.ts';
import type { ProcessIdentity, ProcessResult, ProcessRunner, RunningProcess } from '../../src/core/ports.ts';
import { killAllWith, processesWith, until } from '../support/livingProcesses.ts';
import { useTemporaryFolders } from '../support/temporaryFolder.ts';

const node = process.execPath;
const script = (code: string, ...rest: string[]) => ({ program: node, arguments: ['-e', code, ...rest] });

/** Runs the contract against a runner; `canFindDaemons` where the system shows the environment of processes. */
export function processRunnerContract(
	name: string,
	create: () => ProcessRunner,
	options: { readonly canFindDaemons: boolean },
): void {
	describe(`${name} keeps the ProcessRunner contract`, () => {
		const folders = useTemporaryFolders();
		let runner: ProcessRunner;
		let folder: string;
		let word: string;

		beforeEach(() => {
			runner = create();
			folder = folders.make();
			word = `dreamos-${randomText(12)}`;
		});
		afterEach(() => {
			const left = processesWith(word);
			killAllWith(word);
			assert.deepEqual(left, [], 'the test left processes');
		});

		const run = (command: Parameters<ProcessRunner['run']>[0]['command'], more = {}): Promise<ProcessResult> =>
			runner.run({ command, folder, ...more });
		/** A shell line that stays, ignores SIGTERM when asked to, and can be found by its word. */
		const stays = (kind: 'polite' | 'stubborn') =>
			`${node} -e "${kind === 'stubborn' ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1000)" ${word}`;

		describe('run', () => {
			it('gives exit code and output of a shell line, in the folder asked for', async () => {
				const result = await run('pwd; echo to stderr >&2; exit 3');
				assert.equal(result.exitCode, 3);
				assert.equal(result.ending, 'exited');
				assert.ok(result.output.includes(folder));
				assert.ok(result.output.includes('to stderr'));
				assert.ok(result.durationMilliseconds >= 0);
			});

			it('gives a program its input, and does not mind one that does not read it', async () => {
				const text = 'ü€😀\n'.repeat(100_000);
				const read = await run(
					script(
						"let n = 0; process.stdin.on('data', (c) => (n += c.length)).on('end', () => console.log(n))",
					),
					{ input: text },
				);
				assert.equal(read.output.trim(), String(Buffer.byteLength(text)));
				const deaf = await run('exit 5', { input: text });
				assert.deepEqual([deaf.ending, deaf.exitCode], ['exited', 5]);
				assert.equal((await run('cat', {})).output, '', 'without input there is no stdin to wait for');
			});

			it('hands arguments of a program over untouched', async () => {
				const awkward = ['a b', '$HOME', "it's", '"quoted"', '*', 'line\nbreak', 'ü€😀', ''];
				const result = await run(script('console.log(JSON.stringify(process.argv.slice(1)))', ...awkward));
				assert.deepEqual(JSON.parse(result.output), awkward);
			});

			it('closes stdin: who waits for input gets its end', async () => {
				const result = await run('cat; read answer; echo "status $?"', { timeoutMilliseconds: 30_000 });
				assert.equal(result.ending, 'exited');
				assert.match(result.output, /status 1/u);
			});

			it('says when a program does not exist, when the folder does not, and what the shell says', async () => {
				const missing = await run({ program: `no-such-${word}`, arguments: [] });
				assert.deepEqual([missing.ending, missing.exitCode], ['notFound', undefined]);
				assert.match(missing.output, /was not found/u);
				const nowhere = await runner.run({ command: 'true', folder: join(folder, 'gone') });
				assert.equal(nowhere.ending, 'notFound');
				assert.match(nowhere.output, /folder .*gone does not exist/u);
				const shell = await run(`no-such-${word}`);
				assert.deepEqual([shell.ending, shell.exitCode], ['exited', 127]);
			});

			it('says that a file cannot be run', async () => {
				const file = join(folder, 'plain.txt');
				writeFileSync(file, 'no program', { mode: 0o644 });
				const result = await run({ program: file, arguments: [] });
				assert.equal(result.ending, 'notFound');
				assert.match(result.output, /cannot be run/u);
			});

			it('tells an end by a signal from an exit', async () => {
				const result = await run(script("process.kill(process.pid, 'SIGKILL')"));
				assert.deepEqual([result.ending, result.exitCode], ['signal', undefined]);
			});

			it('adds and removes variables of the environment', async () => {
				process.env['DREAMOS_TEST_REMOVED'] = 'there';
				try {
					const result = await run(script('console.log(process.env.A, process.env.DREAMOS_TEST_REMOVED)'), {
						environment: { A: 'added ü', DREAMOS_TEST_REMOVED: undefined },
					});
					assert.equal(result.output, 'added ü undefined\n');
				} finally {
					delete process.env['DREAMOS_TEST_REMOVED'];
				}
			});

			it('keeps the end of a long output, notes the cut, and streams all of it', async () => {
				let streamed = 0;
				const result = await run(script("for (let i = 0; i < 20000; i++) console.log('line ' + i)"), {
					outputLimit: 1_000,
					onOutput: (text: string) => {
						streamed += text.length;
					},
				});
				const total = 20_000 * 6 + 88_890;
				assert.equal(streamed, total);
				assert.ok(
					result.output.startsWith(`[… ${total - 1_000} characters cut …]\n`),
					result.output.slice(0, 60),
				);
				assert.ok(result.output.endsWith('line 19998\nline 19999\n'));
				assert.equal(result.output.split('\n').slice(1).join('\n').length, 1_000);
			});

			it('decodes characters that are split between chunks', async () => {
				const pieces: string[] = [];
				const code = `const b = Buffer.from('€😀ü'); let i = 0;
					const next = () => { if (i < b.length) { process.stdout.write(b.subarray(i, ++i)); setTimeout(next, 60); } }; next();`;
				const result = await run(script(code), { onOutput: (text: string) => pieces.push(text) });
				assert.equal(result.output, '€😀ü');
				assert.equal(pieces.join(''), '€😀ü');
				assert.ok(pieces.length > 1, 'came in one piece: the test shows nothing');
			});

			it('goes on when a listener throws', async () => {
				const result = await run('echo one; echo two', {
					onOutput: () => {
						throw new Error('listener');
					},
					onStart: () => {
						throw new Error('listener');
					},
				});
				assert.equal(result.output, 'one\ntwo\n');
			});

			it('does not start what is aborted already', async () => {
				const result = await run(`touch ${join(folder, 'started')}`, { signal: AbortSignal.abort() });
				assert.equal(result.ending, 'aborted');
				assert.equal((await run('ls')).output, '');
			});

			it('ends the whole tree on a timeout: children and grandchildren', async () => {
				const line = `echo ready; ${stays('polite')} & (${stays('polite')} & ${stays('polite')})`;
				const result = await run(line, { timeoutMilliseconds: 2_000 });
				assert.deepEqual([result.ending, result.exitCode], ['timeout', undefined]);
				assert.equal(result.output, 'ready\n');
				assert.deepEqual(processesWith(word), []);
			});

			it('ends what ignores SIGTERM after an abort', async () => {
				const controller = new AbortController();
				const running = run(`${stays('stubborn')} & ${stays('stubborn')}`, { signal: controller.signal });
				await until(() => processesWith(word).length >= 2, 'both children to start');
				// Long enough for Node to have set up its handler.
				await new Promise((resolve) => setTimeout(resolve, 400));
				controller.abort();
				const result = await running;
				assert.equal(result.ending, 'aborted');
				assert.deepEqual(processesWith(word), []);
			});

			it('ends what a program left running in the background, and does not wait for its pipes', async () => {
				const result = await run(`${stays('polite')} & echo done`);
				assert.deepEqual([result.ending, result.exitCode, result.output], ['exited', 0, 'done\n']);
				assert.deepEqual(processesWith(word), []);
			});

			it('ends a child of an emptied environment in the same group', async () => {
				const result = await run(`env -i ${stays('polite')} & sleep 0.3; echo done`);
				assert.equal(result.output, 'done\n');
				assert.deepEqual(processesWith(word), []);
			});

			it('ends a child in a group and session of its own', async () => {
				const result = await run(`setsid ${stays('polite')} & sleep 30`, { timeoutMilliseconds: 500 });
				assert.equal(result.ending, 'timeout');
				assert.deepEqual(processesWith(word), []);
			});

			it('names the process as soon as it runs, and knows later that it is gone', async () => {
				let identity: ProcessIdentity | undefined;
				await run('true', {
					onStart: (started: ProcessIdentity) => {
						identity = started;
					},
				});
				assert.ok(identity !== undefined && identity.pid > 0);
				assert.equal(await runner.isAlive(identity), false);
			});

			(options.canFindDaemons ? it : it.skip)('ends a daemon that left group, session and tree', async () => {
				// setsid twice with a dead parent in between: adopted by init, no terminal, output closed.
				const daemon = `setsid sh -c 'setsid ${node} -e "setInterval(() => {}, 1000)" ${word} </dev/null >/dev/null 2>&1 &'`;
				const result = await run(`${daemon}; sleep 0.3; echo done`);
				assert.equal(result.output, 'done\n');
				assert.deepEqual(processesWith(word), []);
			});

			(options.canFindDaemons ? it : it.skip)('ends a stubborn daemon on a timeout', async () => {
				const daemon = `setsid sh -c 'setsid ${stays('stubborn').replaceAll("'", `'\\''`)} </dev/null >/dev/null 2>&1 &'`;
				const result = await run(`${daemon}; sleep 600`, { timeoutMilliseconds: 800 });
				assert.equal(result.ending, 'timeout');
				assert.deepEqual(processesWith(word), []);
			});

			(options.canFindDaemons ? it : it.skip)('leaves the daemons of another run alone', async () => {
				const other = await runner.spawn({ command: stays('polite'), folder, onErrorOutput: () => undefined });
				await until(() => processesWith(word).length > 0, 'the other run to start');
				await run('echo done');
				assert.equal(await runner.isAlive(other.identity), true);
				await other.stop(0);
			});

			it('does not wait for a stranger who holds its output open', async () => {
				const handles = () =>
					process.getActiveResourcesInfo().filter((kind) => /Pipe|Process/u.test(kind)).length;
				const before = handles();
				// Left tree, group and session and has no mark: nobody can tell that it came from here.
				const stranger = `setsid sh -c "setsid env -i ${stays('polite').replaceAll('"', "'")} &"`;
				const result = await run(`${stranger}; sleep 0.3; echo done`);
				assert.deepEqual([result.ending, result.output], ['exited', 'done\n']);
				assert.equal(processesWith(word).length, 1, 'the stranger was ended: the test shows nothing');
				await until(() => handles() <= before, 'pipes to be let go');
				killAllWith(word);
				await until(() => processesWith(word).length === 0, 'the stranger to be gone');
			});

			it('leaves no handle behind after many runs', async () => {
				for (let count = 0; count < 5; count++) {
					await run('echo x');
				}
				const handles = () =>
					process.getActiveResourcesInfo().filter((kind) => /Pipe|Process/u.test(kind)).length;
				const before = handles();
				for (let count = 0; count < 10; count++) {
					await run('sleep 60 & echo x');
				}
				await until(() => handles() <= before, 'pipes and processes to be let go');
			});
		});

		describe('spawn', () => {
			const open = (
				command: Parameters<ProcessRunner['spawn']>[0]['command'],
				onErrorOutput = (_text: string) => {},
			) => runner.spawn({ command, folder, onErrorOutput });

			it('carries bytes both ways and stderr apart', async () => {
				let errors = '';
				const child = await open(
					script("process.stdin.pipe(process.stdout); process.stderr.write('grüße')"),
					(text) => (errors += text),
				);
				const writer = child.input.getWriter();
				const sent = Uint8Array.from({ length: 200_000 }, (_value, index) => index % 251);
				void writer.write(sent);
				assert.deepEqual(await readBytes(child, sent.length), sent);
				await child.stop(2_000);
				assert.equal(errors, 'grüße');
				assert.deepEqual(await child.exited, { exitCode: 0, signal: undefined });
			});

			it('rejects with process.notFound for a program that does not exist', async () => {
				await assert.rejects(open({ program: `no-such-${word}`, arguments: [] }), { code: 'process.notFound' });
			});

			it('stops politely when the end of stdin is enough', async () => {
				const child = await open(
					script("process.stdin.resume(); process.stdin.on('end', () => process.exit(7))", word),
				);
				await child.stop(3_000);
				assert.deepEqual(await child.exited, { exitCode: 7, signal: undefined });
			});

			it('stops who ignores everything, with its children, after the grace', async () => {
				const child = await open(`${stays('stubborn')} & ${stays('stubborn')}`);
				await until(() => processesWith(word).length >= 2, 'both to start');
				await new Promise((resolve) => setTimeout(resolve, 400));
				await Promise.all([child.stop(100), child.stop(100)]);
				assert.deepEqual(processesWith(word), []);
			});

			it('ends what is left when the program itself is gone', async () => {
				const child = await open(`${stays('polite')} & exit 4`);
				assert.deepEqual(await child.exited, { exitCode: 4, signal: undefined });
				await child.stop(0);
				assert.deepEqual(processesWith(word), []);
			});

			it('fails a write to a program that is gone, and nothing else', async () => {
				const child = await open(script('process.exit(0)'));
				await child.exited;
				const writer = child.input.getWriter();
				await assert.rejects(async () => {
					for (let count = 0; count < 50; count++) {
						await writer.write(new Uint8Array(100_000));
					}
				});
				await child.stop(0);
			});
		});

		describe('endTree and isAlive', () => {
			it('end by pid and start what another program recorded', async () => {
				const child = await runner.spawn({
					command: `${stays('polite')} & ${stays('polite')}`,
					folder,
					onErrorOutput: () => {},
				});
				const recorded = JSON.parse(JSON.stringify(child.identity)) as ProcessIdentity;
				await until(() => processesWith(word).length >= 2, 'both to start');
				const another = create();
				assert.equal(await another.isAlive(recorded), true);
				await another.endTree(recorded);
				assert.equal(await another.isAlive(recorded), false);
				assert.deepEqual(processesWith(word), []);
				await child.stop(0);
			});

			it('leave a process alone that only has the same number', async () => {
				const child = await runner.spawn({ command: stays('polite'), folder, onErrorOutput: () => {} });
				const [border = ''] = child.identity.started.split('~');
				const impostor = { pid: child.identity.pid, started: `${border}9~nobody` };
				assert.equal(await runner.isAlive(impostor), false);
				await runner.endTree(impostor);
				assert.equal(await runner.isAlive(child.identity), true);
				await child.stop(0);
			});

			it('do nothing for what is long gone', async () => {
				const child = await runner.spawn({ command: 'true', folder, onErrorOutput: () => {} });
				await child.exited;
				await runner.endTree(child.identity);
				await child.stop(0);
			});

			(options.canFindDaemons ? it : it.skip)('find the daemon of a run whose root is gone', async () => {
				const daemon = `setsid sh -c 'setsid ${node} -e "setInterval(() => {}, 1000)" ${word} </dev/null >/dev/null 2>&1 &'`;
				const child = await runner.spawn({ command: `${daemon}; sleep 0.3`, folder, onErrorOutput: () => {} });
				await child.exited;
				assert.equal(processesWith(word).length, 1);
				await create().endTree(child.identity);
				assert.deepEqual(processesWith(word), []);
				await child.stop(0);
			});
		});
	});
}

async function readBytes(child: RunningProcess, count: number): Promise<Uint8Array> {
	const reader = child.output.getReader();
	const chunks: Uint8Array[] = [];
	let length = 0;
	while (length < count) {
		const { done, value } = await reader.read();
		if (done) {
			break;
		}
		chunks.push(value);
		length += value.length;
	}
	reader.releaseLock();
	return new Uint8Array(Buffer.concat(chunks));
}
