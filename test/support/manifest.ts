// Owns package.json as tests read it: the parts that have to agree with the code, with their shapes.

import { readFileSync } from 'node:fs';

export interface MenuEntry {
	readonly command: string;
	readonly when?: string;
	readonly group?: string;
}

interface Manifest {
	readonly main: string;
	readonly l10n: string;
	readonly icon: string;
	readonly engines: { readonly vscode: string };
	readonly devDependencies: Readonly<Record<string, string>>;
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly activationEvents: readonly string[];
	readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
	readonly contributes: {
		readonly commands: readonly {
			readonly command: string;
			readonly title: string;
			readonly category: string;
			readonly icon?: string;
		}[];
		readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
		readonly views: Readonly<
			Record<string, readonly { readonly id: string; readonly icon: string; readonly when?: string }[]>
		>;
		readonly viewsWelcome: readonly { readonly view: string; readonly when: string; readonly contents: string }[];
		readonly walkthroughs: readonly {
			readonly id: string;
			readonly steps: readonly {
				readonly id: string;
				readonly description: string;
				readonly media: { readonly image: Readonly<Record<string, string>>; readonly altText: string };
				readonly completionEvents: readonly string[];
			}[];
		}[];
		readonly chatParticipants: readonly { readonly id: string; readonly name: string }[];
		readonly languageModelTools: readonly {
			readonly name: string;
			readonly when: string;
			readonly icon: string;
			readonly inputSchema: object;
		}[];
		readonly mcpServerDefinitionProviders: readonly { readonly id: string }[];
		readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
		readonly jsonValidation: readonly { readonly fileMatch: string | readonly string[]; readonly url: string }[];
		readonly configuration: readonly {
			readonly title: string;
			readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
		}[];
		readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when: string }[];
	};
}

const fileOf = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

const words = JSON.parse(fileOf('package.nls.json')) as Readonly<Record<string, string>>;

/** With the English words in the places of their keys, as an English editor reads it. */
export const manifest = JSON.parse(fileOf('package.json'), (_name, value: unknown) => {
	const key = typeof value === 'string' ? /^%([\w.-]+)%$/u.exec(value)?.[1] : undefined;
	return key === undefined ? value : words[key];
}) as Manifest;
