package com.amazonaws.jobprocessor.config;

/**
 * One setting in effect, as {@code --check} shows it.
 *
 * @param key the setting's name
 * @param value the value in effect, on one line: {@code ****} for a secret, words where there is
 *     none
 * @param origin {@code default}, or the name of the {@link Source}
 * @param note what the value means or why it was cut; empty if there is nothing to say
 */
public record EffectiveSetting(String key, String value, String origin, String note) {}
