/** Holds README.md and the pages below docs/ to the code, and runs what they show. */
package com.amazonaws.jobprocessor.docs;
