// Owns the third-party agents that tests run for real: installed from npm on demand, pinned, into the user's cache folder, and set
// up so that they ask a model on this machine and nobody else.
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { ensureCached, npm } from './cachedInstall.mjs';

/**
 * @typedef {object} RealAgent
 * @property {string} id also the id of its preset
 * @property {string[]} command
 * @property {(home: string, modelAddress: string) => Promise<Record<string, string>>} setUp writes its settings below an empty home
 * folder and returns the environment it needs
 */

const KIMI = '@moonshot-ai/kimi-code@2.1.0';
const OPENCODE = 'opencode-ai@1.18.33';

/**
 * @param {string} name
 * @param {string} spec
 * @param {number} megabytes
 * @param {(line: string) => void} say
 */
async function ensurePackage(name, spec, megabytes, say) {
	const note = `${spec} from npm, about ${megabytes} MB,`;
	try {
		return await ensureCached(
			{
				name: `${name}-${spec.split('@').at(-1)}`,
				note,
				install: (folder) => npm(folder, ['install', spec, '--ignore-scripts']),
			},
			say,
		);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new Error(`The agent ${name} could not be installed (${spec}); is the npm registry reachable?\n${why}`, {
			cause: error,
		});
	}
}

/**
 * Nothing of the machine's own set-up reaches an agent.
 * @param {string} home
 */
const homeVariables = (home) => ({
	HOME: home,
	XDG_CONFIG_HOME: join(home, '.config'),
	XDG_DATA_HOME: join(home, '.local', 'share'),
	XDG_STATE_HOME: join(home, '.local', 'state'),
	XDG_CACHE_HOME: join(home, '.cache'),
});

/**
 * @param {(line: string) => void} [say] receives a line when something slow begins
 * @returns {Promise<RealAgent>}
 */
export async function ensureKimi(say = () => {}) {
	const folder = await ensurePackage('kimi', KIMI, 120, say);
	// Its first line would start whatever `node` is on the PATH; it needs a new one.
	const program = await realpath(join(folder, 'node_modules', '.bin', 'kimi'));
	return {
		id: 'kimi',
		command: [process.execPath, program, 'acp'],
		async setUp(home, modelAddress) {
			const settings = join(home, '.kimi-code');
			await mkdir(settings, { recursive: true });
			await writeFile(
				join(settings, 'config.toml'),
				[
					'default_model = "fake"',
					'[models.fake]',
					'provider = "fake"',
					'model = "fake-model"',
					'max_context_size = 128000',
					'[providers.fake]',
					'type = "openai"',
					`base_url = "${modelAddress}/v1"`,
					'api_key = "x"',
					'',
				].join('\n'),
			);
			return homeVariables(home);
		},
	};
}

/**
 * @param {(line: string) => void} [say] receives a line when something slow begins
 * @returns {Promise<RealAgent>}
 */
export async function ensureOpencode(say = () => {}) {
	const folder = await ensurePackage('opencode', OPENCODE, 180, say);
	const program = join(folder, 'node_modules', `opencode-${platform()}-${arch()}`, 'bin', 'opencode');
	return {
		id: 'opencode',
		command: [program, 'acp'],
		async setUp(home, modelAddress) {
			await mkdir(home, { recursive: true });
			const model = { tool_call: true, limit: { context: 128_000, output: 8_000 } };
			const settings = {
				model: 'fake/fake-model',
				small_model: 'fake/fake-model',
				provider: {
					fake: {
						npm: '@ai-sdk/openai-compatible',
						options: { baseURL: `${modelAddress}/v1`, apiKey: 'x' },
						models: { 'fake-model': model },
					},
				},
				permission: { edit: 'ask', bash: 'ask' },
				autoupdate: false,
				share: 'disabled',
			};
			return {
				...homeVariables(home),
				OPENCODE_CONFIG_CONTENT: JSON.stringify(settings),
				OPENCODE_DISABLE_MODELS_FETCH: '1',
				OPENCODE_DISABLE_AUTOUPDATE: '1',
				OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
				OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
			};
		},
	};
}
