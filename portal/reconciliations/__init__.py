"""数据核对: exports of other systems beside the register, and who corrects what where."""
