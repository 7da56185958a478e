// The frames of a WebSocket at the server's side (RFC 6455, 5): whole texts in, whole texts out. For tests: no extensions, and
// a frame of more than a few megabytes has no place here.
import type { Duplex } from "node:stream";

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export class Frames {
  onText: (text: string) => void = () => {};
  private rest = Buffer.alloc(0);
  private parts: Buffer[] = [];

  constructor(private readonly socket: Duplex) {
    socket.on("data", (bytes: Buffer) => {
      this.rest = Buffer.concat([this.rest, bytes]);
      while (this.take());
    });
    socket.on("error", () => socket.destroy());
  }

  send(text: string): void {
    this.write(TEXT, Buffer.from(text));
  }

  destroy(): void {
    this.socket.destroy();
  }

  private write(opcode: number, body: Buffer): void {
    if (this.socket.destroyed) return;
    const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
    head[0] = 0x80 | opcode;
    if (body.length < 126) head[1] = body.length;
    else if (body.length < 65_536) {
      head[1] = 126;
      head.writeUInt16BE(body.length, 2);
    } else {
      head[1] = 127;
      head.writeBigUInt64BE(BigInt(body.length), 2);
    }
    this.socket.write(Buffer.concat([head, body]));
  }

  /** Takes one frame, if a whole one is there. */
  private take(): boolean {
    const bytes = this.rest;
    if (bytes.length < 2) return false;
    const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
    const short = second & 0x7f;
    const wide = short === 126 ? 2 : short === 127 ? 8 : 0;
    const start = 2 + wide + 4;
    if (bytes.length < start) return false;
    const length = wide === 2 ? bytes.readUInt16BE(2) : wide === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (bytes.length < start + length) return false;
    const mask = bytes.subarray(start - 4, start);
    const body = Buffer.from(bytes.subarray(start, start + length));
    for (let at = 0; at < body.length; at++) body.writeUInt8(body.readUInt8(at) ^ mask.readUInt8(at % 4), at);
    this.rest = bytes.subarray(start + length);
    this.hear(first & 0x0f, (first & 0x80) !== 0, body);
    return true;
  }

  private hear(opcode: number, isLast: boolean, body: Buffer): void {
    if (opcode === PING) this.write(PONG, body);
    if (opcode === CLOSE) {
      this.write(CLOSE, body);
      this.socket.end();
    }
    if (opcode >= CLOSE) return;
    this.parts.push(body);
    if (isLast) {
      const whole = Buffer.concat(this.parts).toString();
      this.parts = [];
      this.onText(whole);
    }
  }
}
