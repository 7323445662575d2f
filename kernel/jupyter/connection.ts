/** The connection file that Jupyter writes for a kernel: where to bind and how to sign. */
import { readFileSync } from 'node:fs';

export interface Connection {
  transport: string;
  ip: string;
  key: string;
  signature_scheme: string;
  hb_port: number;
  shell_port: number;
  control_port: number;
  stdin_port: number;
  iopub_port: number;
}

const PORTS = ['hb_port', 'shell_port', 'control_port', 'stdin_port', 'iopub_port'] as const;

/** @throws Error that names the file and the field when the file cannot be used. */
export function readConnection(path: string): Connection {
  let file: Partial<Connection>;
  try {
    file = JSON.parse(readFileSync(path, 'utf8')) as Partial<Connection>;
  } catch (error) {
    throw new Error(`connection file ${path} cannot be read: ${(error as Error).message}`);
  }
  for (const port of PORTS)
    if (!Number.isInteger(file[port]))
      throw new Error(`connection file ${path}: ${port} is ${JSON.stringify(file[port])}, not a port number`);
  const scheme = file.signature_scheme ?? 'hmac-sha256';
  if (file.key && scheme !== 'hmac-sha256')
    throw new Error(`connection file ${path}: signature_scheme ${scheme} is not supported, only hmac-sha256`);
  return { ...(file as Connection), transport: file.transport ?? 'tcp', key: file.key ?? '' };
}

/** The zeromq address of a port. Over ipc a "port" is a suffix of a path. */
export function address(connection: Connection, port: number): string {
  const separator = connection.transport === 'ipc' ? '-' : ':';
  return `${connection.transport}://${connection.ip}${separator}${port}`;
}
