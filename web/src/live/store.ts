// The one live store and its socket, for whoever is signed in. Begun by session/, used by hooks.ts and acts.ts.
import { api, currentToken } from "../api/client";
import { browserClock } from "./clock";
import { type Effects, Live } from "./live";
import type { ConnectionState } from "./model";
import { LiveSocket, type SocketPorts, type Wire } from "./socket";
import { apiSource } from "./source";

type Opened = { live: Live; socket: LiveSocket; close: () => void };

let opened: Opened | undefined;
let connection: ConnectionState = { state: "connecting" };
const listeners = new Set<() => void>();

const ports: SocketPorts = {
  clock: browserClock,
  random: Math.random,
  isHidden: () => document.hidden,
  isOffline: () => !navigator.onLine,
  open(since): Wire {
    const url = new URL("/ws/omnichannel", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    if (since !== undefined) {
      url.searchParams.set("since", String(since));
    }
    const token = currentToken();
    const protocols = token === undefined ? [] : ["casewire", `bearer.${token}`];
    return wireOf(new WebSocket(url, protocols));
  },
  async isSignedOut() {
    try {
      const { data, response } = await api.GET("/api/session");
      return response.status === 401 || data?.me === null;
    } catch {
      return false;
    }
  },
};

function wireOf(socket: WebSocket): Wire {
  const wire: Wire = { onmessage: null, onclose: null, close: () => socket.close() };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => wire.onmessage?.({ data });
  socket.onclose = ({ code }) => wire.onclose?.({ code });
  return wire;
}

/** Opens the store and the socket for a reader. `signedOut` is called when the sign-in ended. */
export function openLive(reader: string, effects: Effects, signedOut: () => void): void {
  closeLive();
  const live = new Live(reader, apiSource, browserClock, effects);
  const socket = new LiveSocket(ports, {
    hello: () => live.hello(),
    tell: (event) => live.tell(event),
    beginAnew: () => live.beginAnew(),
    signedOut,
    changed(state) {
      connection = state;
      for (const listener of listeners) {
        listener();
      }
    },
  });
  const online = (): void => socket.hurry();
  const offline = (): void => socket.lost();
  const seen = (): void => {
    if (!document.hidden) {
      socket.hurry();
    }
  };
  addEventListener("online", online);
  addEventListener("offline", offline);
  document.addEventListener("visibilitychange", seen);
  opened = {
    live,
    socket,
    close() {
      removeEventListener("online", online);
      removeEventListener("offline", offline);
      document.removeEventListener("visibilitychange", seen);
      socket.stop();
    },
  };
  socket.start();
}

export function closeLive(): void {
  opened?.close();
  opened = undefined;
  connection = { state: "connecting" };
}

/** Goes on after the same reader signed in again. */
export function resumeLive(): void {
  opened?.socket.start();
}

/** The store; only the signed-in part of the app may ask. */
export function live(): Live {
  if (opened === undefined) {
    throw new Error("the live store is for the signed-in part of the app");
  }
  return opened.live;
}

export function currentConnection(): ConnectionState {
  return connection;
}

export function watchConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
