/**
 * The pages: HTML that the server makes, for people who have signed in. They work without
 * JavaScript; a little of it keeps what is live up to date.
 */
@NullMarked
package com.amazonaws.jobprocessor.boss.page;

import org.jspecify.annotations.NullMarked;
