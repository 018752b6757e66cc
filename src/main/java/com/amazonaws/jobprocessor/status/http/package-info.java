/**
 * As much of HTTP/1.1 as the status page needs: one request a connection. It accepts no more
 * connections than it can serve, so that what comes beyond waits in the kernel and costs the jobs
 * nothing, which the JDK's server cannot do. It knows nothing of the worker.
 */
@NullMarked
package com.amazonaws.jobprocessor.status.http;

import org.jspecify.annotations.NullMarked;
