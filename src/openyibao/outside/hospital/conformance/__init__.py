"""The conformance kit 接口符合性测试: scripted cases played as a hospital would, and their report."""
