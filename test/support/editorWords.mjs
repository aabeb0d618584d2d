// Owns `vscode.l10n` where there is no editor: placeholders are filled as the editor fills them, in English.
import * as l10n from '@vscode/l10n';

export { l10n };
