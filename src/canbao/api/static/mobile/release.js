/** The app's number, which every request says: the server refuses one that is older than it talks to. */
export const APP = 1;
