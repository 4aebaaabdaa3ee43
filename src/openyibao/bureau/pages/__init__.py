"""The parts that every page is made of 页面组件: lists, exports, steps, timelines, charts, tags. They decide nothing."""
