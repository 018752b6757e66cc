/**
 * The sample client: submits jobs, collects results, looks after dead letters, estimates costs. A
 * class a command.
 */
package com.amazonaws.jobprocessor.cli;
