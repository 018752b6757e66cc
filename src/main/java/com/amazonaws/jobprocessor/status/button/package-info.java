/**
 * The page's buttons: who may press them, and what they answer. They are behind a token of the
 * settings; without one there is nothing here.
 */
@NullMarked
package com.amazonaws.jobprocessor.status.button;

import org.jspecify.annotations.NullMarked;
