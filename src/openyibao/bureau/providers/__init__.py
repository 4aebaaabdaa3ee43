"""The provider desk 定点管理: institutions, departments, their people, agreements, measures, connections, stock."""
