"""Evidence containers (证明材料): a record or an extract of the log, signed and stamped, for somebody outside."""
