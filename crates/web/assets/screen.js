// The screen of a hall asks for the code anew every fifteen seconds. Without scripts the page's own refresh does the same.
"use strict";

setTimeout(() => location.reload(), 15_000);
