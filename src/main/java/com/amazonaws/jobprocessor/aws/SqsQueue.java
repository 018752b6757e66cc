package com.amazonaws.jobprocessor.aws;

/** A queue's name and where to reach it. */
public record SqsQueue(String name, String url) {}
