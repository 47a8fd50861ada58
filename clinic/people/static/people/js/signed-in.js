/** Tells the pages that wait in other tabs that somebody signed in, then closes itself when it may. */
const channel = new BroadcastChannel("palpate-session");
channel.postMessage("signed-in");
channel.close();
globalThis.close();
