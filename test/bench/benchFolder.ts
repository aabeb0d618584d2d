// Owns where a run of benchmarks works: fresh folders on a real disk, the product built there once, and nothing of it left
// afterwards, neither files nor processes.

import { mkdir, mkdtemp, realpath, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMark, endProcesses, PROCESS_MARK } from '../support/processTree.mjs';
import { testCacheFolder } from '../support/cachedInstall.mjs';
import type { Benchmark, Measured } from './benchmark.ts';
import { watchMachine } from './machineLag.ts';
import type { Product } from './product.ts';
import { buildProduct } from './product.ts';

/** Type numbers of file systems in memory, where a sync costs nothing: tmpfs and ramfs. */
const memoryFileSystems = [0x01021994, 0x858458f6];

type Say = (line: string) => void;

export class BenchFolder {
	private readonly root: string;
	private readonly say: Say;
	private readonly mark = createMark();
	private built: Promise<Product> | undefined;
	private count = 0;

	private constructor(root: string, say: Say) {
		this.root = root;
		this.say = say;
		// Everything a benchmark starts inherits the mark, programs that leave their parent included.
		process.env[PROCESS_MARK] = this.mark;
		// Worktrees of measured hosts lie here too, and not in the cache of the person who runs this.
		process.env['DREAMOS_TEST_CACHE'] = testCacheFolder();
		process.env['XDG_CACHE_HOME'] = join(root, 'cache');
	}

	static async make(say: Say): Promise<BenchFolder> {
		const { type } = await statfs(tmpdir());
		const parent = memoryFileSystems.includes(type) ? testCacheFolder() : tmpdir();
		await mkdir(parent, { recursive: true });
		return new BenchFolder(await realpath(await mkdtemp(join(parent, 'dreamos-bench-'))), say);
	}

	/** Runs one benchmark in an empty folder, and ends what it began whatever happens. */
	async measure(benchmark: Benchmark): Promise<Partial<Record<string, Measured>>> {
		const folder = join(this.root, `work-${(this.count += 1)}`);
		await mkdir(folder);
		const jobs: (() => void | Promise<void>)[] = [];
		const context = {
			folder,
			say: this.say,
			product: () => (this.built ??= buildProduct(join(this.root, 'product'))),
			onEnd: (job: () => void | Promise<void>) => void jobs.unshift(job),
		};
		const machine = watchMachine();
		try {
			const measured = await benchmark.measure(context);
			this.say(`… ${await machine.describe()}`);
			return measured;
		} finally {
			for (const job of jobs) {
				try {
					await job();
				} catch (error) {
					// What was measured stands; whatever is left is ended below.
					this.say(`… after the benchmark: ${String(error)}`);
				}
			}
			await endProcesses(this.mark, undefined);
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		}
	}

	async remove(): Promise<void> {
		await endProcesses(this.mark, undefined);
		await rm(this.root, { recursive: true, force: true, maxRetries: 5 });
	}
}
