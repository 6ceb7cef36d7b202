import type { Fault } from "./services.ts";

export function answer(status: number, body: string, type = "application/json"): Fault {
  return (_path, _request, response) => {
    response.writeHead(status, { "content-type": type }).end(body);
    return true;
  };
}

export const reset: Fault = (_path, request) => {
  request.socket.destroy();
  return true;
};

/** Takes the request and never says a word. */
export const silent: Fault = () => true;

/** Begins to answer, and never ends. */
export const drip: Fault = (_path, request, response) => {
  response.writeHead(201, { "content-type": "application/json" });
  const drops = setInterval(() => response.write(" "), 20);
  request.socket.on("close", () => clearInterval(drops));
  return true;
};

/** Says what it was told: the headers and the body of the request, in the message of an error. */
export function echo(status: number): Fault {
  return (_path, request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { authorization = "" } = request.headers;
      const message = `refused: ${authorization} ${Buffer.concat(chunks).toString("utf8")}`;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ message }));
    });
    return true;
  };
}

/** At one service only. */
export function at(place: RegExp, fault: Fault): Fault {
  return (path, request, response) => place.test(path) && fault(path, request, response);
}

/** Fails `times` times and then lets the service answer. */
export function first(times: number, fault: Fault): Fault {
  let left = times;
  return (...all) => left-- > 0 && fault(...all);
}
