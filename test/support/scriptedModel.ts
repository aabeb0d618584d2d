// Owns a model for tests: an endpoint on this machine that speaks the chat completions of OpenAI as a stream, and answers as a
// script says. It calls tools by what they are for, under the names the asking agent gives them.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject } from '../../src/base/json.ts';

/** What the model does next. */
export type ModelStep =
	| { readonly say: string }
	/** Through the agent's tool for writing files. */
	| { readonly write: string; readonly content: string }
	/** Through the agent's tool for commands. */
	| { readonly run: string }
	/** Through a tool of ours: `call` is the name under which the prompt tells of it. */
	| { readonly call: string; readonly input: Readonly<Record<string, unknown>> }
	/** Begins to say this, and never ends. */
	| { readonly hang: string };

/** What the model was asked in one request. */
export interface ModelRequest {
	/** Text of the whole conversation, roles included. */
	readonly text: string;
	/** How many tools answered since the last word of the user. */
	readonly results: number;
}

export type ModelScript = (request: ModelRequest) => ModelStep;

interface Message {
	readonly role: string;
	readonly content: unknown;
}

export class ScriptedModel {
	/** Requests of the agent's main conversation so far; questions on the side are not among them. */
	readonly requests: ModelRequest[] = [];
	script: ModelScript = () => ({ say: 'Nothing to do.' });
	private readonly server = createServer((request, response) => void this.answer(request, response));
	private calls = 0;

	static async start(): Promise<ScriptedModel> {
		const model = new ScriptedModel();
		await new Promise<void>((resolve) => model.server.listen(0, '127.0.0.1', resolve));
		return model;
	}

	get address(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await readBody(request);
		if (request.method !== 'POST' || !isJsonObject(body)) {
			response.writeHead(404).end();
			return;
		}
		response.writeHead(200, { 'content-type': 'text/event-stream' });
		const send = (delta: object, finish: string | null = null) => {
			const choices = [{ index: 0, delta, finish_reason: finish }];
			response.write(`data: ${JSON.stringify({ ...envelope, choices })}\n\n`);
		};
		const tools = toolsOf(body['tools']);
		const isAside = tools.length === 0 || wantsJson(body);
		const step: ModelStep = isAside ? sideAnswer(body) : this.script(this.note(body['messages']));
		if ('hang' in step) {
			send({ role: 'assistant', content: step.hang });
			return;
		}
		if ('say' in step) {
			send({ role: 'assistant', content: step.say });
			send({}, 'stop');
		} else {
			this.calls += 1;
			const call = { index: 0, id: `call-${this.calls}`, type: 'function', function: toolCall(step, tools) };
			send({ role: 'assistant', tool_calls: [call] });
			send({}, 'tool_calls');
		}
		const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
		response.write(`data: ${JSON.stringify({ ...envelope, choices: [], usage })}\n\n`);
		response.end('data: [DONE]\n\n');
	}

	private note(messages: unknown): ModelRequest {
		const list = (Array.isArray(messages) ? messages : []) as readonly Message[];
		const lastUser = list.findLastIndex(({ role }) => role === 'user');
		const request = {
			text: list.map(({ role, content }) => `${role}: ${JSON.stringify(content)}`).join('\n'),
			results: list.slice(lastUser + 1).filter(({ role }) => role === 'tool').length,
		};
		this.requests.push(request);
		return request;
	}
}

const envelope = { id: 'answer', object: 'chat.completion.chunk', created: 1, model: 'fake-model' };

type Body = Readonly<Record<string, unknown>>;

const wantsJson = (body: Body): boolean => {
	const format = body['response_format'];
	return isJsonObject(format) && format['type'] !== 'text';
};

/** Titles, classifiers and the like: whoever wants JSON gets JSON, and the script is not touched. Some come with tools. */
const sideAnswer = (body: Body): ModelStep => ({ say: wantsJson(body) ? '{}' : 'A title' });

interface Tool {
	readonly name: string;
	readonly parameters: readonly string[];
}

function toolsOf(tools: unknown): Tool[] {
	const list = (Array.isArray(tools) ? tools : []) as readonly {
		readonly function?: { readonly name: string; readonly parameters?: { readonly properties?: object } };
	}[];
	return list.flatMap((tool) =>
		tool.function === undefined
			? []
			: [{ name: tool.function.name, parameters: Object.keys(tool.function.parameters?.properties ?? {}) }],
	);
}

function toolCall(step: Exclude<ModelStep, { say: string } | { hang: string }>, tools: readonly Tool[]) {
	if ('call' in step) {
		const tool = requireTool(tools, (name) => name === step.call, step.call);
		return { name: tool.name, arguments: JSON.stringify(step.input) };
	}
	const wanted = 'write' in step ? /^write$/iu : /^bash$/iu;
	const tool = requireTool(tools, (name) => wanted.test(name), wanted.source);
	const values: Readonly<Record<string, string>> =
		'write' in step
			? { path: step.write, filePath: step.write, content: step.content }
			: { command: step.run, description: 'a command of the script' };
	const given = tool.parameters.flatMap((name) =>
		values[name] === undefined ? [] : [[name, values[name]] as const],
	);
	return { name: tool.name, arguments: JSON.stringify(Object.fromEntries(given)) };
}

function requireTool(tools: readonly Tool[], isWanted: (name: string) => boolean, wanted: string): Tool {
	const tool = tools.find(({ name }) => isWanted(name));
	if (tool === undefined) {
		throw new Error(`The agent has no tool like ${wanted}; it has ${tools.map(({ name }) => name).join(', ')}.`);
	}
	return tool;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) {
		chunks.push(chunk as Buffer);
	}
	try {
		return JSON.parse(Buffer.concat(chunks).toString('utf8'));
	} catch {
		return undefined;
	}
}
