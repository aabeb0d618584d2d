// Owns `.dreamos/policies.yaml` as a file: read anew whenever it changed, and written only to remember what a person chose. It is
// read from the open workspace, never from a worktree, where an agent could change it.

import { DreamError, describeError, isDreamError } from '../../base/errors.ts';
import { dreamosFolder, policyPath } from '../paths.ts';
import type { FileSystem, FileStamp } from '../ports.ts';
import type { PolicyRuleText } from './policyRule.ts';
import type { PolicyReading } from './readPolicy.ts';
import { noPolicy, readPolicy, unreadablePolicy } from './readPolicy.ts';

const header = `# What agents of this workspace may do when they ask; docs/permissions.md of Dream.OS says how rules are written.
# A rule that denies wins wherever it stands; among the others the first that applies does. Take a rule out to revoke it.
`;
const attempts = 5;

const stampText = (found: FileStamp | undefined): string =>
	found === undefined ? '' : `${found.modified} ${found.size} ${found.inode}`;

export class PolicyFile {
	private readonly files: Pick<FileSystem, 'stat' | 'readText' | 'writeAtomic' | 'makeFolder' | 'join'>;
	private readonly folder: string;
	private readonly path: string;
	private stamp: string | undefined;
	private reading: PolicyReading = noPolicy;

	/** @param folder absolute path of the workspace folder. */
	constructor(files: Pick<FileSystem, 'stat' | 'readText' | 'writeAtomic' | 'makeFolder' | 'join'>, folder: string) {
		this.files = files;
		this.folder = files.join(folder, dreamosFolder);
		this.path = files.join(folder, policyPath);
	}

	/** The rules as they are now. Never rejects: a file that cannot be read is a doubt. */
	async read(): Promise<PolicyReading> {
		try {
			const stamp = stampText(await this.files.stat(this.path));
			if (stamp !== this.stamp) {
				this.reading = stamp === '' ? noPolicy : await readPolicy(await this.files.readText(this.path));
				this.stamp = stamp;
			}
			return this.reading;
		} catch (error) {
			this.stamp = undefined;
			return isDreamError(error, 'file.notFound') ? noPolicy : unreadablePolicy(describeError(error));
		}
	}

	/**
	 * Puts a rule first in the file, with a comment that says where it comes from; everything else in it stays. Rejects with
	 * `policy.notWritten` when the file cannot be read, and with `file.*`.
	 */
	async remember(rule: PolicyRuleText, comment: string): Promise<void> {
		const { putFirstInYamlList } = await import('../yaml.ts');
		await this.files.makeFolder(this.folder);
		for (let attempt = 1; ; attempt += 1) {
			const found = await this.files.stat(this.path);
			const before = found === undefined ? header : await this.files.readText(this.path);
			const reading = await readPolicy(before);
			const text =
				reading.doubt?.code === 'policy.unreadable'
					? undefined
					: putFirstInYamlList(before, 'rules', rule, comment.replaceAll(/\s+/gu, ' '));
			if (text === undefined) {
				throw new DreamError(
					'policy.notWritten',
					`${policyPath} cannot be read, so nothing was written to it.`,
					{
						details: { path: this.path },
						advice: `Correct the file (line ${reading.doubt?.line ?? 1}), then answer the next question with "remember" again.`,
					},
				);
			}
			try {
				// Two programs may remember at the same time: who finds the file changed begins again.
				const isSame = async () => stampText(await this.files.stat(this.path)) === stampText(found);
				await this.files.writeAtomic(this.path, text, isSame);
				return;
			} catch (error) {
				if (!isDreamError(error, 'file.changed') || attempt === attempts) {
					throw error;
				}
			}
		}
	}
}
