// Owns the question whether a folder is on another machine. There SQLite's shared memory does not hold, and a ledger would break.

import { readFile, statfs } from 'node:fs/promises';
import path from 'node:path';

/** Names the kind of network file system a folder is on; undefined for a local folder and where the system does not tell. */
export type DetectNetworkFolder = (folder: string) => Promise<string | undefined>;

/** Magic numbers of statfs(2) on Linux. */
const networkTypes: ReadonlyMap<number, string> = new Map([
	[0x6969, 'NFS'],
	[0x517b, 'SMB'],
	[0xff534d42, 'SMB (cifs)'],
	[0xfe534d42, 'SMB'],
	[0x5346414f, 'AFS'],
	[0x73757245, 'Coda'],
	[0x00c36400, 'Ceph'],
	[0x0bd00bd0, 'Lustre'],
	[0x47504653, 'GPFS'],
	[0x01021997, '9p'],
]);
const fuseType = 0x65735546;
/** FUSE alone says nothing: encrypted and NTFS folders use it too, and those are local. */
const remoteFuse =
	/^fuse\.(?:sshfs|rclone|s3fs|gcsfuse|davfs2?|smbnetfs|curlftpfs|goofys|mount-s3|geesefs|glusterfs|ceph|juicefs|blobfuse2?)$/u;

/** Asks the system: statfs on Linux, network paths (`\\server\share`) on Windows. */
export const detectNetworkFolder: DetectNetworkFolder = async (folder) => {
	if (/^\\\\(?![.?]\\)/u.test(folder)) {
		return 'a network share';
	}
	if (process.platform !== 'linux') {
		return undefined;
	}
	try {
		const type = Number((await statfs(folder)).type) >>> 0;
		if (type !== fuseType) {
			return networkTypes.get(type);
		}
		const name = mountTypeOf(path.resolve(folder), await readFile('/proc/self/mountinfo', 'utf8'));
		return name !== undefined && remoteFuse.test(name) ? name : undefined;
	} catch {
		// A folder that does not exist, or a system that does not say: opening the file tells more than we can.
		return undefined;
	}
};

/** File system type of the mount that holds a folder, out of the text of `/proc/self/mountinfo`. */
export function mountTypeOf(folder: string, mountInfo: string): string | undefined {
	let best: { readonly point: string; readonly type: string } | undefined;
	for (const line of mountInfo.split('\n')) {
		const [before = '', after = ''] = line.split(' - ');
		const point = (before.split(' ')[4] ?? '').replace(/\\(\d{3})/gu, (_match, octal: string) =>
			String.fromCharCode(Number.parseInt(octal, 8)),
		);
		const type = after.split(' ')[0] ?? '';
		const isInside = point !== '' && (point === '/' || folder === point || folder.startsWith(`${point}/`));
		// A later mount on the same point hides the earlier one.
		if (isInside && (best === undefined || point.length >= best.point.length)) {
			best = { point, type };
		}
	}
	return best?.type;
}
