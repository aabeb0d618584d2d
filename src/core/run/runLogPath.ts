// Owns where the logs of a run are, below the workspace folder.

import { runtimePaths } from '../paths.ts';

export const runLogName = (runId: string): string => `${runId}.jsonl`;
export const protocolLogName = (runId: string): string => `${runId}.protocol.jsonl`;

/** What the agent did, line by line. */
export const runLogPath = (runId: string): string => `${runtimePaths.runLogs}/${runLogName(runId)}`;
/** The messages of its protocol as they were sent; there only where somebody asked for it. */
export const protocolLogPath = (runId: string): string => `${runtimePaths.runLogs}/${protocolLogName(runId)}`;
