// Runs the Git contract against simple-git, with real repositories and no configuration of this machine.

import { createGit } from '../../../src/node/git.ts';
import { gitChangesContract } from '../../contract/portsContractGitChanges.ts';
import { gitCommitContract } from '../../contract/portsContractGitCommit.ts';
import { gitCommitsContract } from '../../contract/portsContractGitCommits.ts';
import { gitContentContract } from '../../contract/portsContractGitContent.ts';
import { gitPoolContract } from '../../contract/portsContractGitPool.ts';
import type { CreateGit } from '../../contract/portsContractGitSnapshot.ts';
import { gitSnapshotContract } from '../../contract/portsContractGitSnapshot.ts';
import { gitWorktreesContract } from '../../contract/portsContractGitWorktrees.ts';

const create: CreateGit = (workspaceFolder, environment) =>
	createGit({ workspaceFolder, environment, lockMilliseconds: 1_000 });

gitSnapshotContract('simple-git', create);
gitWorktreesContract('simple-git', create);
gitPoolContract('simple-git', create);
gitCommitContract('simple-git', create);
gitChangesContract('simple-git', create);
gitContentContract('simple-git', create);
gitCommitsContract('simple-git', create);
