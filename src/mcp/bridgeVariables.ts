// Owns the variables by which a host tells the program it hands to an agent where the tools are. Loads nothing.

export const bridgeVariables = { url: 'DREAMOS_MCP_URL', token: 'DREAMOS_MCP_TOKEN' } as const;
