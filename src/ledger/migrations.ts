// Owns how a ledger comes to its tables. A migration that was ever released is never changed: append another one.

/** `PRAGMA application_id` of a ledger: the letters DrOS. Another SQLite file is recognised by it and refused. */
export const ledgerApplicationId = 0x44_72_4f_53;

const firstTables = `
CREATE TABLE tasks (
	ordinal INTEGER PRIMARY KEY,
	task_id TEXT NOT NULL UNIQUE,
	status TEXT NOT NULL,
	priority INTEGER NOT NULL,
	name TEXT NOT NULL,
	board TEXT NOT NULL,
	position REAL NOT NULL,
	assigned_agent TEXT,
	claimed_by TEXT,
	epoch INTEGER NOT NULL,
	run_id TEXT,
	attempts INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	updated_at TEXT,
	task TEXT NOT NULL,
	record TEXT NOT NULL
) STRICT;
-- One index serves boards, statuses, counts and the order of the ready queue: each one more costs two pages of fsync a claim.
CREATE INDEX tasks_by_board ON tasks (board, status, priority, position);

CREATE TABLE task_dependencies (
	task_id TEXT NOT NULL,
	depends_on TEXT NOT NULL,
	PRIMARY KEY (task_id, depends_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_dependants ON task_dependencies (depends_on);

CREATE TABLE silent_changes (
	sequence INTEGER NOT NULL,
	task_id TEXT NOT NULL,
	PRIMARY KEY (sequence, task_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE removed_tasks (task_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX removed_tasks_by_sequence ON removed_tasks (sequence);

CREATE TABLE runs (
	run_id TEXT NOT NULL PRIMARY KEY,
	task_id TEXT NOT NULL,
	attempt INTEGER NOT NULL,
	epoch INTEGER NOT NULL,
	worker TEXT NOT NULL,
	driver TEXT NOT NULL,
	state TEXT NOT NULL,
	reason TEXT,
	host_id TEXT,
	worktree TEXT,
	base_commit TEXT,
	result_commit TEXT,
	files TEXT NOT NULL,
	pid INTEGER,
	pid_started TEXT,
	log_file TEXT,
	opened_at TEXT NOT NULL,
	active_at TEXT NOT NULL,
	closed_at TEXT,
	gates TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_by_task ON runs (task_id);
CREATE INDEX runs_by_state ON runs (state);
CREATE INDEX runs_by_worker ON runs (worker, opened_at);

-- Sequences are never reused, because no event is ever deleted; that the database itself refuses it makes AUTOINCREMENT needless.
CREATE TABLE events (
	sequence INTEGER PRIMARY KEY,
	at TEXT NOT NULL,
	type TEXT NOT NULL,
	actor TEXT NOT NULL,
	task_id TEXT,
	run_id TEXT,
	agent_id TEXT,
	message TEXT NOT NULL,
	data TEXT
) STRICT;
CREATE INDEX events_by_task ON events (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX events_by_run ON events (run_id) WHERE run_id IS NOT NULL;
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER events_stand BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

CREATE TABLE agents (ordinal INTEGER PRIMARY KEY, agent_id TEXT NOT NULL UNIQUE, record TEXT NOT NULL) STRICT;

CREATE TABLE boards (
	name TEXT PRIMARY KEY,
	dirty_sequence INTEGER NOT NULL DEFAULT 0,
	mirrored_sequence INTEGER NOT NULL DEFAULT 0,
	end_position REAL NOT NULL DEFAULT 0,
	halted TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO boards (name) VALUES ('task_backlog'), ('task_ready_queue'), ('working_tasks'), ('completed_tasks');
CREATE TABLE board_bases (name TEXT PRIMARY KEY REFERENCES boards (name), base TEXT NOT NULL) STRICT;

CREATE TABLE leases (
	name TEXT PRIMARY KEY,
	holder TEXT,
	epoch INTEGER NOT NULL,
	expires_at REAL NOT NULL,
	data TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE commands (
	ordinal INTEGER PRIMARY KEY,
	command_id TEXT NOT NULL UNIQUE,
	target TEXT NOT NULL,
	kind TEXT NOT NULL,
	data TEXT NOT NULL,
	state TEXT NOT NULL,
	taken_by TEXT,
	answer TEXT,
	created_at TEXT NOT NULL
) STRICT;
CREATE INDEX commands_by_state ON commands (state, target);

CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- For later parts of the product; their first query adds what it misses.
CREATE TABLE messages (
	ordinal INTEGER PRIMARY KEY,
	message_id TEXT NOT NULL UNIQUE,
	sender TEXT NOT NULL,
	recipient TEXT NOT NULL,
	task_id TEXT,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	data TEXT,
	created_at TEXT NOT NULL
) STRICT;
CREATE INDEX messages_by_recipient ON messages (recipient);
CREATE TABLE receipts (
	message_id TEXT NOT NULL REFERENCES messages (message_id),
	reader TEXT NOT NULL,
	state TEXT NOT NULL,
	at TEXT NOT NULL,
	PRIMARY KEY (message_id, reader)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage (
	ordinal INTEGER PRIMARY KEY,
	run_id TEXT NOT NULL,
	at TEXT NOT NULL,
	model TEXT,
	input_tokens INTEGER,
	output_tokens INTEGER,
	cost REAL,
	data TEXT
) STRICT;
CREATE INDEX usage_by_run ON usage (run_id);
CREATE TABLE checkpoints (
	ordinal INTEGER PRIMARY KEY,
	run_id TEXT NOT NULL,
	commit_id TEXT NOT NULL,
	reason TEXT NOT NULL,
	at TEXT NOT NULL
) STRICT;
CREATE INDEX checkpoints_by_run ON checkpoints (run_id);
CREATE TABLE memory (
	scope TEXT NOT NULL,
	key TEXT NOT NULL,
	text TEXT NOT NULL,
	data TEXT,
	updated_at TEXT NOT NULL,
	PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
`;

/**
 * From here on `tasks.board` may name an archive, which has a row in `boards` like the four files before it. An older program would
 * not know what to make of that; the version keeps it from writing.
 */
const archives = 'ALTER TABLE boards ADD COLUMN stamp TEXT;';

/**
 * Names the text in `board_bases`, another one for each text that was ever there. Whoever writes a text and does not know of names,
 * such as a program of before that still runs, leaves none.
 */
const baseIds = `
ALTER TABLE boards ADD COLUMN base_id TEXT;
CREATE TRIGGER base_added AFTER INSERT ON board_bases BEGIN UPDATE boards SET base_id = NULL WHERE name = NEW.name; END;
CREATE TRIGGER base_changed AFTER UPDATE ON board_bases BEGIN UPDATE boards SET base_id = NULL WHERE name = NEW.name; END;
CREATE TRIGGER base_removed AFTER DELETE ON board_bases BEGIN UPDATE boards SET base_id = NULL WHERE name = OLD.name; END;
`;

/** What agents ask the person; one row a question, kept for good as the account of who allowed what. */
const questions = `
CREATE TABLE questions (
	ordinal INTEGER PRIMARY KEY,
	question_id TEXT NOT NULL UNIQUE,
	run_id TEXT NOT NULL,
	task_id TEXT NOT NULL,
	agent_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	why TEXT NOT NULL,
	request TEXT NOT NULL,
	state TEXT NOT NULL,
	answer TEXT,
	is_remembered INTEGER NOT NULL,
	option_kind TEXT,
	decided_by TEXT,
	note TEXT,
	asked_at TEXT NOT NULL,
	decided_at TEXT
) STRICT;
CREATE INDEX questions_by_state ON questions (state, run_id);
`;

/** The agent's own session of a run, as JSON, so that the next attempt can go on with it. */
const runSessions = 'ALTER TABLE runs ADD COLUMN session TEXT;';

/** Who paused a run, as JSON, so that the pause outlives its host. */
const runPauses = 'ALTER TABLE runs ADD COLUMN pause TEXT;';

/** What the processes of a run take of the machine, as JSON, as it was last measured. */
const runResources = 'ALTER TABLE runs ADD COLUMN resources TEXT;';

/** Files outside of its worktree that changed while a run worked, as JSON. */
const runStrays = 'ALTER TABLE runs ADD COLUMN strays TEXT;';

/** How much the agent of a run drifts from its task, as JSON, as it was last measured. */
const runDrift = 'ALTER TABLE runs ADD COLUMN drift TEXT;';

/** Each time a language model of the editor is to speak: what is new in its conversation, who answers, and the answer. */
const modelRequests = `
CREATE TABLE model_requests (
	ordinal INTEGER PRIMARY KEY,
	request_id TEXT NOT NULL UNIQUE,
	conversation_id TEXT NOT NULL,
	run_id TEXT NOT NULL,
	agent_id TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	asked_by TEXT NOT NULL,
	model TEXT,
	messages TEXT NOT NULL,
	tools TEXT,
	state TEXT NOT NULL,
	taken_by TEXT,
	partial TEXT NOT NULL,
	answer TEXT,
	failure TEXT,
	asked_at TEXT NOT NULL,
	ended_at TEXT
) STRICT;
CREATE INDEX model_requests_open ON model_requests (state) WHERE state IN ('asked', 'taken');
CREATE INDEX model_requests_by_conversation ON model_requests (conversation_id, sequence);
`;

/** One row a turn of an agent. Nothing ever wrote into the table it replaces. */
const turnUsage = `
DROP TABLE usage;
CREATE TABLE usage (
	ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
	run_id TEXT NOT NULL,
	task_id TEXT NOT NULL,
	agent_id TEXT NOT NULL,
	at TEXT NOT NULL,
	input_tokens INTEGER NOT NULL,
	output_tokens INTEGER NOT NULL,
	cached_tokens INTEGER NOT NULL,
	cost REAL,
	currency TEXT,
	milliseconds INTEGER NOT NULL,
	is_estimated INTEGER NOT NULL
) STRICT;
CREATE INDEX usage_by_run ON usage (run_id);
CREATE INDEX usage_by_task ON usage (task_id);
`;

/** In order; the version of a ledger (`PRAGMA user_version`) is how many of them it has. */
export const migrations: readonly string[] = [
	firstTables,
	archives,
	baseIds,
	questions,
	runSessions,
	runPauses,
	runResources,
	runStrays,
	modelRequests,
	turnUsage,
	runDrift,
];
