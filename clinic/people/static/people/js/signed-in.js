/** Tells the pages that wait in other tabs that somebody signed in, and closes the window they opened for it. */
const channel = new BroadcastChannel("palpate-session");
channel.postMessage("signed-in");
channel.close();
if (globalThis.opener) globalThis.close();
