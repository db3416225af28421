// All of it in one browser, one after the other: some of it takes times.

import "./page.mjs";
import "./contrast.mjs";
import "./hostile.mjs";
import "./large.mjs";
