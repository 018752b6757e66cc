/**
 * The program: {@code main}, the commons-daemon class, and the hand-written wiring; nobody imports
 * it.
 *
 * <p>Threads of a running worker:
 *
 * <table>
 * <caption>Threads</caption>
 * <tr><th>name<th>kind<th>what for
 * <tr><td>main<td>platform<td>waits for the stop, then drains
 * <tr><td>warm-up<td>platform<td>loads what signs requests, and TLS if it will be needed, while the settings are read; then ends
 * <tr><td>starter<td>platform<td>finds the queues, however long SQS takes, and gives the calls all cores when the JVM is warm
 * <tr><td>queue-listener<td>platform<td>decides when to receive, and how many
 * <tr><td>receive<td>virtual<td>one receive, a long poll mostly
 * <tr><td>slot-1 … slot-N<td>platform<td>run the executor, one job each; started as jobs need them
 * <tr><td>slots<td>virtual<td>starts slots beyond the first few when jobs keep those busy, until all are started
 * <tr><td>lease-keeper<td>platform<td>renews leases, interrupts what is over its time
 * <tr><td>message<td>virtual<td>one message, from its receive to its delete, the calls of its batches included; waits for whatever
 * that takes
 * <tr><td>job<td>virtual<td>one job of a message that has several
 * <tr><td>call-limits<td>platform<td>cuts the calls of SQS that take too long
 * <tr><td>sqs-call<td>virtual<td>one call of SQS for a platform thread, whose reads an interrupt could not cut
 * <tr><td>time-limits<td>platform<td>cuts the calls of the AWS SDK's own clients that take too long
 * <tr><td>renewal, claim-renewal<td>virtual<td>one lease, or one claim, that is renewed
 * <tr><td>payload-delete<td>virtual<td>one object of the payload bucket that is no longer needed
 * <tr><td>command-input, command-output<td>platform<td>one and two a running command of the executor ShellCommand: not
 * virtual, since reading a pipe takes a carrier. Of PersistentCommand one command-output a process, and command-input only
 * while a job above 4 KiB is written
 * <tr><td>command-end<td>virtual<td>ends a process of PersistentCommand that has had its jobs
 * <tr><td>command-leftovers<td>virtual<td>waits for the end of a process of PersistentCommand, and ends what it leaves behind
 * <tr><td>notices<td>virtual<td>asks the metadata service every five seconds whether the instance is about to go; only on an
 * EC2 instance
 * <tr><td>box-end, rebalance<td>platform<td>drains the worker for a notice; must not be late
 * <tr><td>end-asked<td>platform<td>drains the worker and ends the box, as somebody has asked for on the page
 * <tr><td>self-tag<td>virtual<td>tags the instance with its queue, then ends
 * <tr><td>lifecycle-hook<td>virtual<td>has Auto Scaling wait for the drain
 * <tr><td>idle-end<td>virtual<td>ends the box when it has nothing to do; only with idle_shutdown_after_secs
 * <tr><td>scale-in-protection<td>virtual<td>protects the box while jobs run; only with protect_while_busy
 * <tr><td>summary<td>virtual<td>a log line a minute
 * <tr><td>status<td>virtual<td>starts the status server, then looks every ten seconds at what has been counted
 * <tr><td>snapshot<td>virtual<td>asks the worker what it does, for the status server; there is one at most
 * <tr><td>queue-watch<td>virtual<td>asks SQS for the queues' depths
 * <tr><td>start-problem<td>virtual<td>looks whether what was wrong at the start is mended: the state folder, the payload bucket
 * <tr><td>boxes-watch<td>virtual<td>asks EC2 for the queue's boxes while somebody looks at the page
 * <tr><td>button<td>virtual<td>what a button asks of EC2, which may take longer than an answer to a browser
 * <tr><td>page-listener<td>virtual<td>accepts connections of the status page, as many as can be served
 * <tr><td>page-watch<td>virtual<td>closes the slow ones
 * <tr><td>page<td>virtual<td>one connection of the status page, with its one request
 * <tr><td>old-garbage<td>virtual<td>looks four times a second whether old garbage is worth a collection
 * <tr><td>systemd<td>platform<td>tells systemd what the worker does and that it is alive; only if systemd has set
 * NOTIFY_SOCKET
 * <tr><td>executor-close<td>platform<td>closes the executor at the end of a stop, which may not take for ever
 * <tr><td>end<td>platform<td>ends the process if a shutdown hook of the executor's does not end
 * <tr><td>last-line<td>platform<td>ends a process that is to end at once if nobody reads its log
 * </table>
 */
@NullMarked
package com.amazonaws.jobprocessor.daemon;

import org.jspecify.annotations.NullMarked;
