// What `vscode` resolves to outside editor/: deliberately not a module, so that importing it is a compile error.
