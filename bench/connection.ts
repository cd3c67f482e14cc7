import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const endOfHead = '\r\n\r\n';

/**
 * An HTTP/1.1 connection that stays open and has one request at a time. Node's own client does far more per request,
 * on the core that it shares with the service that it measures.
 */
export class Connection {
  private readonly socket: Socket;
  private received: Buffer[] = [];
  /** Bytes of the answer that have come, and that must. The length is unknown until the head is there. */
  private size = 0;
  private expected = Infinity;
  private pending: { resolve: () => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.take(chunk);
    });
    socket.on('error', (error) => {
      this.fail(error);
    });
    socket.on('close', () => {
      this.fail(new Error('the service closed the connection before its answer'));
    });
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /**
   * Sends a request and waits for the whole answer.
   * @throws {Error} with the answer's first part unless its status is 200.
   */
  send(request: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      this.socket.write(request);
    });
  }

  close(): void {
    this.pending = undefined;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received.push(chunk);
    this.size += chunk.length;
    if (this.expected === Infinity) this.readHead();
    if (this.size < this.expected) return;
    const { pending } = this;
    this.pending = undefined;
    this.received = [];
    this.size = 0;
    this.expected = Infinity;
    pending?.resolve();
  }

  private readHead(): void {
    const answer = Buffer.concat(this.received).toString('latin1');
    const end = answer.indexOf(endOfHead);
    if (end < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, end))?.[1];
    if (!answer.startsWith('HTTP/1.1 200') || length === undefined) {
      this.fail(new Error(`expected a status of 200 and a content-length, got: ${answer.slice(0, 500)}`));
      this.socket.destroy();
      return;
    }
    this.expected = end + endOfHead.length + Number(length);
  }

  private fail(error: Error): void {
    this.pending?.reject(error);
    this.pending = undefined;
  }
}

/** The bytes of a POST request with a JSON body. */
export function postRequest(path: string, body: unknown): Buffer {
  const content = JSON.stringify(body);
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json`;
  return Buffer.from(`${head}\r\ncontent-length: ${Buffer.byteLength(content)}${endOfHead}${content}`);
}
