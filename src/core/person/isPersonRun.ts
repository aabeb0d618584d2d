// Owns how a person's run is told from that of an agent.

import type { Run } from '../run/run.ts';

/** Whether a person works on it: it has no host, and never expires. */
export const isPersonRun = (run: Pick<Run, 'host_id'>): boolean => run.host_id === null;
