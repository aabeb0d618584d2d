// Owns telling Cursor's agent of our tools. Cursor has its own way to do so and ignores the editor's; elsewhere it does not exist.

/** The part of Cursor's extension API that is used here. */
export interface CursorTools {
	registerServer(server: {
		name: string;
		server: { command: string; args: string[]; env: Record<string, string> };
	}): void;
	unregisterServer(name: string): void;
}

/** A program that speaks MCP on its stdin and stdout. */
export interface ToolServer {
	readonly command: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
}

const serverName = 'dreamos';

/** Cursor's door for tools, out of the editor's API; undefined in every other editor. */
export function findCursorTools(api: object): CursorTools | undefined {
	const field = (value: unknown, name: string): unknown =>
		typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
	const tools = field(field(api, 'cursor'), 'mcp');
	const isWhole = ['registerServer', 'unregisterServer'].every((name) => typeof field(tools, name) === 'function');
	return isWhole ? (tools as CursorTools) : undefined;
}

/** Keeps Cursor's list as it should be: told of each server once, and of none that is gone. */
export class CursorRegistration {
	private readonly tools: CursorTools;
	private told: string | undefined;

	constructor(tools: CursorTools) {
		this.tools = tools;
	}

	/** Offers this server, or none. */
	update(server: ToolServer | undefined): void {
		const text = server === undefined ? undefined : JSON.stringify(server);
		if (text === this.told) {
			return;
		}
		if (this.told !== undefined) {
			this.tools.unregisterServer(serverName);
		}
		this.told = text;
		if (server !== undefined) {
			this.tools.registerServer({
				name: serverName,
				server: { command: server.command, args: [...server.args], env: { ...server.env } },
			});
		}
	}

	dispose(): void {
		this.update(undefined);
	}
}
