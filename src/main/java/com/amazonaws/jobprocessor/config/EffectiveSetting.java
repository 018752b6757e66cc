package com.amazonaws.jobprocessor.config;

/**
 * One setting in force, as {@code --check} shows it.
 *
 * @param key the setting's name
 * @param value what holds, on one line: {@code ****} for a secret, words where there is no value
 * @param origin {@code default}, or the name of the {@link Source}
 * @param note what the value means or why it was cut; empty if there is nothing to say
 */
public record EffectiveSetting(String key, String value, String origin, String note) {}
