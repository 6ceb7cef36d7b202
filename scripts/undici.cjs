// The parts of undici that `World.http` and the HTTP client of @actions use. Its index also loads fetch, WebSocket,
// caches and mocks, which would be two thirds of it.
const Dispatcher = require("../node_modules/undici/lib/dispatcher/dispatcher");
const api = require("../node_modules/undici/lib/api");

// As undici's index does.
Object.assign(Dispatcher.prototype, api);

exports.Agent = require("../node_modules/undici/lib/dispatcher/agent");
exports.ProxyAgent = require("../node_modules/undici/lib/dispatcher/proxy-agent");
